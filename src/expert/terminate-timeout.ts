// php-fpm's request_terminate_timeout, which ends a worker in the middle of its request: which limits a time fits.

/** A remark on the limits that may have ended a worker after so many seconds, as the end of a sentence; empty where none may. */
export function terminateTimeout(seconds: number): string {
	// php-fpm looks for scripts beyond their limit every third of it, so the limit is passed by up to as much.
	const most = Math.floor(seconds);
	const least = Math.ceil((seconds * 3) / 4);
	if (most < 1 || least > most) return "";
	const limit = least === most ? `${most} s` : `${least} s to ${most} s`;
	return `; a request_terminate_timeout of ${limit} in php-fpm would end it then, too`;
}
