// A Go application; what it can be asked for is in README.md. It listens on descriptor 0, or where its argument says:
// unix:/path or tcp:host:port.
package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/fcgi"
	"os"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	var listener net.Listener
	if len(os.Args) > 1 {
		network, address, _ := strings.Cut(os.Args[1], ":")
		var err error
		if listener, err = net.Listen(network, address); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if err := fcgi.Serve(listener, http.HandlerFunc(answer)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer(out http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	query := request.URL.Query()
	number := func(name string) int {
		value, err := strconv.Atoi(query.Get(name))
		if err != nil {
			return -1
		}
		return value
	}
	if count := number("sleep"); count >= 0 {
		time.Sleep(time.Duration(count) * time.Millisecond)
	}
	if query.Has("log") {
		fmt.Fprintln(os.Stderr, query.Get("log"))
	}
	for count := number("flood"); count > 0; count-- {
		fmt.Println(strings.Repeat(".", 99))
	}
	if count := number("exit"); count >= 0 {
		os.Exit(count)
	}
	if count := number("signal"); count >= 0 {
		syscall.Kill(os.Getpid(), syscall.Signal(count))
	}
	out.Header().Set("Content-Type", "text/plain")
	if query.Has("echo") {
		out.Write(body)
	} else if count := number("size"); count >= 0 {
		io.WriteString(out, strings.Repeat("x", count))
	} else {
		fmt.Fprintf(out, "app go\nrole RESPONDER\npid %d\nmethod %s\nstdin %d\n", os.Getpid(), request.Method, len(body))
		if query.Has("env") {
			fmt.Fprintf(out, "env %s\n", os.Getenv(query.Get("env")))
		}
		if query.Has("digest") {
			fmt.Fprintf(out, "digest %x\n", sha256.Sum256(body))
		}
		if query.Has("vars") {
			var lines []string
			for name, values := range request.Header {
				if strings.HasPrefix(name, "X-") {
					upper := strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
					lines = append(lines, fmt.Sprintf("HTTP_%s=%s\n", upper, values[0]))
				}
			}
			sort.Strings(lines)
			fmt.Fprintf(out, "vars %x\n", sha256.Sum256([]byte(strings.Join(lines, ""))))
		}
	}
}
