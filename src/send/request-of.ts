// All that a person says of one request into the request: variables of a URL, then those of files, then what tells of the
// bodies, then single ones. Later ones win.

import { FcgiInspectError } from "../errors.js";
import { NO_BYTES } from "../fastcgi/no-bytes.js";
import { paramOfByteTexts } from "./byte-text.js";
import { cgiVariables } from "./cgi-variables.js";
import type { Variable } from "./http-fields.js";
import {
	type BodyFacts,
	type HttpOptions,
	type HttpRequest,
	httpRequest,
} from "./http-request.js";
import type { ServerLikeness } from "./like/server-likeness.js";
import {
	lastValueOf,
	nameOf,
	type Param,
	type ParamsMade,
	paramOf,
	withoutParams,
	withParams,
} from "./param.js";
import { quoted } from "./quoted.js";
import type { Body, SentRequest } from "./request.js";

/** What is known of the file that a filter is to work on (specification, section 6.4). */
export interface DataFacts {
	/** Bytes; undefined where that is not known before the end. */
	readonly length: number | undefined;
	/** Seconds since 1970; undefined where that is not known. */
	readonly lastModified: number | undefined;
}

/** What a person says of a request. */
export interface RequestOptions extends Omit<HttpOptions, "url"> {
	readonly url?: string | undefined;
	/** The web server to look like; the CGI variables of none in particular by default. */
	readonly like?: ServerLikeness | undefined;
	/** 1 by default. */
	readonly role?: number | undefined;
	/** Parameters of files, in their order. */
	readonly params?: readonly Param[] | undefined;
	/** `NAME=VALUE`, in their order. */
	readonly set?: readonly string[] | undefined;
	/** Names that are not to be sent. */
	readonly unset?: readonly string[] | undefined;
	readonly data?: DataFacts | undefined;
}

/** The bytes of its streams. */
export interface RequestBodies {
	/** FCGI_STDIN; empty by default. */
	readonly stdin?: Body | undefined;
	/** FCGI_DATA; a filter without one gets it empty. */
	readonly data?: Body | undefined;
}

/** A request, and what is to be said of it. */
export interface RequestMade {
	readonly request: SentRequest;
	/** One line each, for stderr. */
	readonly remarks: readonly string[];
}

const AUTHORIZER = 2;
const FILTER = 3;

/** The request. Throws FcgiInspectError (usage) where something that was typed makes none. */
export function requestOf(
	options: RequestOptions,
	bodies: RequestBodies = {},
): RequestMade {
	const { role = 1, like } = options;
	const { params, remarks } = paramsOf(options);
	const noStdin = role === AUTHORIZER && like?.framing.authorizerStdin !== true;
	return {
		request: {
			role,
			params,
			stdin: bodies.stdin ?? (noStdin ? undefined : NO_BYTES),
			data: bodies.data ?? (role === FILTER ? NO_BYTES : undefined),
		},
		remarks,
	};
}

/** Its parameters alone. */
function paramsOf(options: RequestOptions): ParamsMade {
	const { url, params: typed = [], exact = false } = options;
	const made = url === undefined ? NONE : variablesOf({ ...options, url });
	const remarks = [...made.remarks];
	let params = withParams(
		made.variables.map(([name, value]) => paramOfByteTexts(name, value)),
		typed,
	);
	if (!exact) {
		if (
			url === undefined ||
			lastValueOf(typed, "CONTENT_LENGTH") !== undefined
		) {
			params = withBodyFacts(params, options, remarks);
		}
		if (options.role === FILTER) params = withData(params, options.data);
	}
	if (options.body !== undefined && options.body.length === undefined) {
		remarks.push(
			"the length of the body is not known, so CONTENT_LENGTH is not filled in; -P CONTENT_LENGTH=BYTES says it",
		);
	}
	params = withParams(
		withoutParams(params, options.unset ?? []),
		(options.set ?? []).map(paramOf),
	);
	if (!exact) for (const param of params) refuseNul(param);
	const refusal = options.like?.refusal?.(params);
	if (refusal !== undefined) remarks.push(refusal);
	return { params, remarks };
}

const NONE: { variables: readonly Variable[]; remarks: readonly string[] } = {
	variables: [],
	remarks: [],
};

function variablesOf(options: HttpOptions & RequestOptions) {
	const { like, role } = options;
	const request = httpRequest(options);
	if (role !== AUTHORIZER) {
		return like?.variables(request) ?? cgiVariables(request);
	}
	const { variables, remarks } = authorizerVariables(request, like);
	return {
		variables: variables.filter(([name]) => !NOT_FOR_AUTHORIZERS.has(name)),
		remarks,
	};
}

function authorizerVariables(
	request: HttpRequest,
	like: ServerLikeness | undefined,
) {
	return (
		like?.authorizerVariables?.(request) ??
		like?.variables(request) ??
		cgiVariables(request)
	);
}

/** What an authorizer is not told (specification, section 6.3). */
const NOT_FOR_AUTHORIZERS = new Set([
	"CONTENT_LENGTH",
	"PATH_INFO",
	"PATH_TRANSLATED",
	"SCRIPT_NAME",
]);

/** Parameters of a file that tell of another body than the one that is sent are set right. */
function withBodyFacts(
	params: readonly Param[],
	{
		body,
		role,
	}: {
		readonly body?: BodyFacts | undefined;
		readonly role?: number | undefined;
	},
	remarks: string[],
): readonly Param[] {
	const told = lastValueOf(params, "CONTENT_LENGTH");
	if (body === undefined) {
		if (told === undefined || /^0*$/.test(told)) return params;
		remarks.push(
			`CONTENT_LENGTH was ${quoted(told)} and there is no body: it is sent as 0; --exact leaves it`,
		);
		return withParams(params, [["CONTENT_LENGTH", "0"]]);
	}
	if (role === AUTHORIZER || body.length === undefined) return params;
	const facts: Param[] = [["CONTENT_LENGTH", `${body.length}`]];
	if (body.type !== undefined && !lastValueOf(params, "CONTENT_TYPE")) {
		facts.push(["CONTENT_TYPE", body.type]);
	}
	return withParams(params, facts);
}

function withData(
	params: readonly Param[],
	data: DataFacts = { length: 0, lastModified: undefined },
): readonly Param[] {
	const { length, lastModified } = data;
	const facts: Param[] = [];
	if (lastModified !== undefined) {
		facts.push(["FCGI_DATA_LAST_MOD", `${Math.floor(lastModified)}`]);
	}
	if (length !== undefined) facts.push(["FCGI_DATA_LENGTH", `${length}`]);
	return withParams(params, facts);
}

function refuseNul(param: Param): void {
	if (!param.some((part) => part.includes("\0"))) return;
	throw new FcgiInspectError(
		"usage",
		`${quoted(nameOf(param))} has a NUL in it, and no CGI variable has one (specification, section 6.1); --exact sends it`,
	);
}
