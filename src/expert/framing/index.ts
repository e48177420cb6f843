// The checks of framing and of the protocol, a line each, in the order in which they are listed and looked at.

import type { Check } from "../../inspect/check.js";
import { appStatus } from "./app-status.js";
import { applicationWithoutId } from "./application-without-id.js";
import { badVersion } from "./bad-version.js";
import { bodyLength } from "./body-length.js";
import { bodyInOneRecord } from "./body-over-64k-one-record.js";
import { bodyReservedNotZero } from "./body-reserved-not-zero.js";
import { clientNotFastcgi } from "./client-not-fastcgi.js";
import { framingLost } from "./framing-lost.js";
import { idBegunAgain } from "./id-begun-again.js";
import { managementWithId } from "./management-with-id.js";
import { notFastcgi } from "./not-fastcgi.js";
import { paddingNotZero } from "./padding-not-zero.js";
import { paddingUnusual } from "./padding-unusual.js";
import { recordAfterEnd } from "./record-after-end.js";
import { recordAfterStreamEnd } from "./record-after-stream-end.js";
import { recordWithoutBegin } from "./record-without-begin.js";
import { reservedNotZero } from "./reserved-not-zero.js";
import { streamNotOfRole } from "./stream-not-of-role.js";
import { streamTooEarly } from "./stream-too-early.js";
import { truncatedHeader } from "./truncated-header.js";
import { truncatedRecord } from "./truncated-record.js";
import { unaskedManagement } from "./unasked-management-record.js";
import { unexpectedType } from "./unexpected-type.js";
import { unknownTypeAnswer } from "./unknown-type-answer.js";
import { wrongRequestId } from "./wrong-request-id.js";

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
