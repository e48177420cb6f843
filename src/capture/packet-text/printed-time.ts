// Times as tcpdump and tshark print them in front of a packet, in all their ways, become seconds.

/** A time as it stands in a text. */
export interface PrintedTime {
	/**
	 * `epoch`: Unix seconds. `utc`: a date that names UTC. `date`: a date in the time zone of whoever printed it.
	 * `clock`: a time of day, or an interval that is printed like one. `seconds`: seconds since the first packet.
	 */
	readonly kind: "epoch" | "utc" | "date" | "clock" | "seconds";
	readonly seconds: number;
	/** Where the text goes on. */
	readonly end: number;
}

const DATE =
	/(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z?)/y;
const DAY_OF_YEAR =
	/(\d{4})\/(\d{3}) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z?)/y;
const CLOCK = /(-?)(\d\d):(\d\d):(\d\d)\.(\d{1,9})(?![\d:.])/y;
const SECONDS = /(-?)(\d{1,11})\.(\d{1,9})(?![\d.])/y;

/** From here on, seconds count from 1970: it is in 1973, and no capture lasts so long. */
const FIRST_EPOCH = 1e8;

/** The time that stands at `at`; undefined where there is none. */
export function readTime(text: string, at: number): PrintedTime | undefined {
	const first = text.charCodeAt(at);
	if ((first < 0x30 || first > 0x39) && first !== 0x2d) return undefined;
	return (
		readDate(text, at) ??
		readDayOfYear(text, at) ??
		readClock(text, at) ??
		readSeconds(text, at)
	);
}

function readDate(text: string, at: number): PrintedTime | undefined {
	DATE.lastIndex = at;
	const found = DATE.exec(text);
	if (found === null) return undefined;
	const [, year, month, day, hours, minutes, seconds, fraction, zone] = found;
	const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
	return {
		kind: zone === "Z" ? "utc" : "date",
		seconds:
			midnight / 1000 + inDay(hours, minutes, seconds) + fractionOf(fraction),
		end: DATE.lastIndex,
	};
}

function readDayOfYear(text: string, at: number): PrintedTime | undefined {
	DAY_OF_YEAR.lastIndex = at;
	const found = DAY_OF_YEAR.exec(text);
	if (found === null) return undefined;
	const [, year, day, hours, minutes, seconds, fraction, zone] = found;
	const midnight = Date.UTC(Number(year), 0, Number(day));
	return {
		kind: zone === "Z" ? "utc" : "date",
		seconds:
			midnight / 1000 + inDay(hours, minutes, seconds) + fractionOf(fraction),
		end: DAY_OF_YEAR.lastIndex,
	};
}

function readClock(text: string, at: number): PrintedTime | undefined {
	CLOCK.lastIndex = at;
	const found = CLOCK.exec(text);
	if (found === null) return undefined;
	const [, sign, hours, minutes, seconds, fraction] = found;
	const value = inDay(hours, minutes, seconds) + fractionOf(fraction);
	return {
		kind: "clock",
		seconds: sign === "-" ? -value : value,
		end: CLOCK.lastIndex,
	};
}

function readSeconds(text: string, at: number): PrintedTime | undefined {
	SECONDS.lastIndex = at;
	const found = SECONDS.exec(text);
	if (found === null) return undefined;
	const [, sign, whole, fraction] = found;
	const value = Number(whole) + fractionOf(fraction);
	return {
		kind: value >= FIRST_EPOCH ? "epoch" : "seconds",
		seconds: sign === "-" ? -value : value,
		end: SECONDS.lastIndex,
	};
}

function inDay(
	hours: string | undefined,
	minutes: string | undefined,
	seconds: string | undefined,
): number {
	return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** Digits behind the point as a fraction: the same number that a pcap file's fractions make. */
function fractionOf(digits: string | undefined): number {
	return digits === undefined ? 0 : Number(digits) / 10 ** digits.length;
}
