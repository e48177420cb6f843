// The environment of the applications (specification, section 2.3: whoever starts an application decides it).

/** What the command line says about it. */
export interface EnvironmentOptions {
	/** Nothing of one's own but PATH, without which programs do not find one another. */
	readonly cleanEnv: boolean;
	/** Added, or in place of one's own. */
	readonly env: readonly (readonly [name: string, value: string])[];
}

/** All of the environment that applications get; `own` is that of this process. */
export function environmentOf(
	{ cleanEnv, env }: EnvironmentOptions,
	own: NodeJS.ProcessEnv,
): Record<string, string> {
	const made: Record<string, string> = {};
	for (const [name, value] of Object.entries(own)) {
		if (value === undefined || (cleanEnv && name !== "PATH")) continue;
		made[name] = value;
	}
	for (const [name, value] of env) made[name] = value;
	return made;
}
