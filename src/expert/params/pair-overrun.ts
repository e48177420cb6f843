// PARAMS that end inside a name-value pair (section 3.4): a length says more than there is.

import type { RequestCheck } from "../../inspect/check.js";
import type {
	FcgiRequest,
	Param,
	UnfinishedPair,
} from "../../inspect/request.js";
import { counted, quoted } from "../words.js";

/** The last pair announces more bytes than PARAMS has. */
export const pairOverrun: RequestCheck = {
	code: "pair-overrun",
	severity: "error",
	section: "3.4",
	summary: "PARAMS end inside a name-value pair",
	diagnosis:
		"A length in front of a name or value is wrong: lengths above 127 take four bytes, the first with its high bit set, and some senders write one byte instead. php closes the connection, others lose all parameters from there on",
	remedies: {
		any: "write lengths above 127 in four bytes, high bit set, and let PARAMS hold as many bytes as the lengths say",
		nginx:
			"keep the names of fastcgi_param within 127 bytes, or update: older versions write the name's length in one byte",
	},
	logs: {
		nginx: [
			"recv() failed (104: Connection reset by peer) while reading response header from upstream",
		],
	},
	example:
		"at byte 19 of PARAMS a pair announces a name of 5 and a value of 100 bytes, and 12 bytes are left",
	on: "paramsEnded",
	look(request) {
		if (request.parametersDamaged !== "malformed") return undefined;
		const pair = request.unfinishedPair;
		if (pair === undefined) return undefined;
		const left = request.params.bytes - pair.offset;
		return `at byte ${pair.offset} of PARAMS a pair announces ${announced(pair)}, and ${counted(left, "byte")} ${left === 1 ? "is" : "are"} left${hint(request, pair)}`;
	},
};

function announced({ nameLength, valueLength }: UnfinishedPair): string {
	if (nameLength === undefined) return "a name of a length that is cut off";
	const value =
		valueLength === undefined
			? "a value of a length that is cut off"
			: `a value of ${valueLength} bytes`;
	return `a name of ${nameLength} and ${value}`;
}

/** Which length was probably written wrongly. */
function hint(request: FcgiRequest, pair: UnfinishedPair): string {
	const name = asOneByte(pair.nameLength, request.params.bytes);
	if (name !== undefined) {
		return `: the name's length is probably ${name}, written in one byte`;
	}
	const value = asOneByte(pair.valueLength, request.params.bytes);
	if (value !== undefined) {
		return `: the value's length is probably ${value}, written in one byte`;
	}
	return wrongBefore(request.parameters, pair);
}

/** The first byte of a four-byte length that cannot be true, as it would read alone. */
function asOneByte(
	length: number | undefined,
	bytes: number,
): number | undefined {
	return length !== undefined && length > bytes && length > 0xffff
		? 0x80 | (length >>> 24)
		: undefined;
}

/** Lengths that are letters of a text say that an earlier length was wrong: which, as far as that can be told. */
function wrongBefore(
	parameters: readonly Param[],
	{ nameLength, valueLength }: UnfinishedPair,
): string {
	if (!isLetter(nameLength) || !isLetter(valueLength)) return "";
	let at = parameters.length - 1;
	for (; at >= 0; at--) {
		const { name, value } = parameters[at] as Param;
		if (!isLetter(name.length) || !isLetter(value.length)) break;
	}
	const before = parameters[at];
	const text = JSON.stringify(
		String.fromCharCode(nameLength as number, valueLength as number),
	);
	return before === undefined
		? `: these lengths are the text ${text}`
		: `: these lengths are the text ${text}, so that of the name ${quoted(before.name, 40)} (${counted(before.name.length, "byte")}) or of its value (${counted(before.value.length, "byte")}) is probably too small`;
}

/** Whether a length byte is what names are made of: a letter, a digit, or an underscore. */
function isLetter(length: number | undefined): boolean {
	return (
		length !== undefined &&
		length <= 0x7f &&
		/\w/.test(String.fromCharCode(length))
	);
}
