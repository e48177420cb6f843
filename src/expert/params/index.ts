// The checks of what the web server sends: parameters, and input streams. A line each, in the order in which they are listed
// and looked at.

import type { Check } from "../../inspect/check.js";
import { accessDeniedExtension } from "./access-denied-extension.js";
import { contentLengthMissing } from "./content-length-missing.js";
import { cve201911043 } from "./cve-2019-11043.js";
import { documentRootMismatch } from "./document-root-mismatch.js";
import { duplicateParam } from "./duplicate-param.js";
import { httpoxy } from "./httpoxy.js";
import { longFormLength } from "./long-form-length.js";
import { oddParamName } from "./odd-param-name.js";
import { pairOverrun } from "./pair-overrun.js";
import { pairSpansRecords } from "./pair-spans-records.js";
import { paramsLarge } from "./params-large.js";
import { pathInfoSuspicious } from "./path-info-suspicious.js";
import { repeatedParam } from "./repeated-param.js";
import { requestMethodMissing } from "./request-method-missing.js";
import { scriptFilenameMissing } from "./script-filename-missing.js";
import { scriptNotFound } from "./script-not-found.js";
import { stdinCutOff } from "./stdin-cut-off.js";
import { stdinLonger } from "./stdin-longer.js";
import { stdinNotTerminated } from "./stdin-not-terminated.js";
import { stdinShorter } from "./stdin-shorter.js";

/** The checks of parameters and input. */
export const PARAMS_CHECKS: readonly Check[] = [
	scriptNotFound,
	scriptFilenameMissing,
	accessDeniedExtension,
	pathInfoSuspicious,
	cve201911043,
	pairSpansRecords,
	pairOverrun,
	paramsLarge,
	longFormLength,
	stdinShorter,
	stdinLonger,
	contentLengthMissing,
	stdinNotTerminated,
	stdinCutOff,
	httpoxy,
	duplicateParam,
	repeatedParam,
	oddParamName,
	documentRootMismatch,
	requestMethodMissing,
];
