// The assertion that a number fits the field it is written into. A number that does not is a mistake of the program,
// not of traffic, so it throws a RangeError.

/** Gives `value` back where it is an integer from 0 to `most`; anything else is a RangeError that names `field`. */
export function inRange(field: string, value: number, most: number): number {
	if (Number.isInteger(value) && value >= 0 && value <= most) return value;
	throw new RangeError(`${field} is ${value}, not 0 to ${most}`);
}
