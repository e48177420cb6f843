// The one shape of every step: input pushed in, output handed back, nothing kept that is not needed.
// A stage may hand out views into its input, so whoever keeps bytes copies them.

/** A step of the pipeline. "Not enough input yet" is an empty result, never an exception. */
export interface Stage<In, Out> {
	/** Takes one input and returns what it completes, in order. */
	push(input: In): readonly Out[];
	/** Says that no input follows, and returns what was still held back. */
	end(): readonly Out[];
}

/** The shared result of a stage that has nothing to say. */
export const NOTHING: readonly never[] = Object.freeze([]);

/** Two stages as one: what the first hands out is pushed into the second. */
export function join<In, Mid, Out>(
	first: Stage<In, Mid>,
	second: Stage<Mid, Out>,
): Stage<In, Out> {
	return {
		push: (input) => pushAll(second, first.push(input)),
		end() {
			const last = pushAll(second, first.end());
			const rest = second.end();
			return last.length === 0 ? rest : [...last, ...rest];
		},
	};
}

/** Everything that a stage makes of a list of inputs. */
function pushAll<In, Out>(
	stage: Stage<In, Out>,
	inputs: readonly In[],
): readonly Out[] {
	if (inputs.length === 0) return NOTHING;
	if (inputs.length === 1) return stage.push(inputs[0] as In);
	const outputs: Out[] = [];
	for (const input of inputs) {
		const made = stage.push(input);
		for (let i = 0; i < made.length; i++) outputs.push(made[i] as Out);
	}
	return outputs;
}
