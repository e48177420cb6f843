<?php
// A script for php-cgi; what it can be asked for is in README.md.
$body = file_get_contents('php://input');
if (isset($_GET['sleep'])) usleep((int)$_GET['sleep'] * 1000);
if (isset($_GET['log'])) file_put_contents('php://stderr', $_GET['log'] . "\n");
if (isset($_GET['stderr'])) error_log($_GET['stderr']);
if (isset($_GET['signal'])) posix_kill(getmypid(), (int)$_GET['signal']);
header('Content-Type: text/plain');
if (isset($_GET['echo'])) {
	echo $body;
} elseif (isset($_GET['size'])) {
	echo str_repeat('x', (int)$_GET['size']);
} else {
	$role = $_SERVER['FCGI_ROLE'] ?? '';
	echo "app php-cgi\nrole $role\npid ", getmypid(), "\nmethod ", $_SERVER['REQUEST_METHOD'] ?? '', "\nstdin ", strlen($body), "\n";
	if (isset($_GET['env'])) echo 'env ', getenv($_GET['env'], true), "\n";
	if (isset($_GET['digest'])) echo 'digest ', hash('sha256', $body), "\n";
	if (isset($_GET['vars'])) {
		$lines = [];
		foreach ($_SERVER as $name => $value)
			if (str_starts_with($name, 'HTTP_X_')) $lines[] = "$name=$value\n";
		sort($lines, SORT_STRING);
		echo 'vars ', hash('sha256', implode('', $lines)), "\n";
	}
}
