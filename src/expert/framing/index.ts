// The checks of framing and of the protocol, a line each, in the order in which they are listed and looked at.

import type { Check } from "../../inspect/check.js";
import { appStatus } from "./app-status.js";
import { badVersion } from "./bad-version.js";
import { bodyInOneRecord } from "./body-in-one-record.js";
import { bodyLength } from "./body-length.js";
import { framingLost } from "./framing-lost.js";
import { idBegunAgain } from "./id-begun-again.js";
import { clientNotFastcgi, notFastcgi } from "./not-fastcgi.js";
import { paddingNotZero, paddingUnusual } from "./padding.js";
import { bodyReservedNotZero, reservedNotZero } from "./reserved-bytes.js";
import {
	recordAfterStreamEnd,
	streamNotOfRole,
	streamTooEarly,
} from "./stream-order.js";
import { truncatedHeader, truncatedRecord } from "./truncated-record.js";
import {
	unaskedManagement,
	unexpectedType,
	unknownTypeAnswer,
} from "./unexpected-type.js";
import {
	applicationWithoutId,
	managementWithId,
	recordAfterEnd,
	recordWithoutBegin,
	wrongRequestId,
} from "./wrong-request-id.js";

/** The checks of framing and of the protocol. */
export const FRAMING_CHECKS: readonly Check[] = [
	notFastcgi,
	clientNotFastcgi,
	badVersion,
	framingLost,
	bodyInOneRecord,
	truncatedRecord,
	truncatedHeader,
	unexpectedType,
	unaskedManagement,
	unknownTypeAnswer,
	wrongRequestId,
	recordWithoutBegin,
	applicationWithoutId,
	managementWithId,
	recordAfterEnd,
	idBegunAgain,
	recordAfterStreamEnd,
	streamTooEarly,
	streamNotOfRole,
	bodyLength,
	appStatus,
	reservedNotZero,
	bodyReservedNotZero,
	paddingNotZero,
	paddingUnusual,
];
