/** What the CGI header block at the start of STDOUT says (CGI/1.1, RFC 3875 section 6; FastCGI sections 6.2 and 6.3). */
export interface CgiResponse {
	/** From `Status:`, else 302 with `Location:`, else 200; undefined where `Status:` is no three-digit number. */
	readonly status: number | undefined;
	/** What follows the number, such as `Not Found`; empty where nothing does. */
	readonly reason: string;
	/** All header fields in order, `Status` and `Location` included, as text (UTF-8, else latin1). */
	readonly headers: readonly (readonly [name: string, value: string])[];
	/** What an Authorizer's `Variable-NAME` headers pass on (section 6.3). */
	readonly variables: readonly (readonly [name: string, value: string])[];
	/** Lines of the block that are not header fields, as they came. */
	readonly badLines: readonly string[];
	/** Bytes of the block, its empty line included; STDOUT bytes beyond are the body. */
	readonly headBytes: number;
}
