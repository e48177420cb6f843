// What it takes to look like a web server: its variables in its order, and its way of framing.

import type { FramingHabits } from "../framing.js";
import type { Variable } from "../http-fields.js";
import type { HttpRequest } from "../http-request.js";
import type { Param } from "../param.js";

/** The variables of a request, as byte texts. */
export interface VariablesMade {
	readonly variables: readonly Variable[];
	/** One line for each header that is sent in no variable. */
	readonly remarks: readonly string[];
}

/** One web server. */
export interface ServerLikeness {
	/** As `--like` takes it. */
	readonly name: string;
	/** Which version and configuration it is. */
	readonly summary: string;
	/** The variables it would send for a request, to a responder or filter. */
	variables(request: HttpRequest): VariablesMade;
	/** The same for an authorizer; where it has none, those of a responder without what the specification leaves out. */
	authorizerVariables?(request: HttpRequest): VariablesMade;
	readonly framing: FramingHabits;
	/** What it would do instead of sending these parameters; undefined where it would send them. */
	refusal?(params: readonly Param[]): string | undefined;
}
