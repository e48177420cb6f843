import assert from "node:assert/strict";
import { test } from "node:test";
import { FlowTable } from "../../../src/capture/network/flow-table.js";

test("a conversation is found by its name", () => {
	const flows = new FlowTable();
	const flow = flows.add("a", { addresses: ["x", "y"] });
	assert.equal(flows.get("a"), flow);
	assert.equal(flows.get("b"), undefined);
	assert.equal(flow.addressOf(1), "y");
});

test("where there are too many, the one that was idle longest is forgotten", () => {
	const flows = new FlowTable(3);
	for (const key of ["a", "b", "c"]) flows.add(key, {});
	flows.get("a");
	flows.add("d", {});
	flows.add("e", {});
	const known = ["a", "b", "c", "d", "e"].filter((key) => flows.get(key));
	assert.deepEqual(known, ["a", "d", "e"]);
	assert.equal(flows.forgotten, 2);
});

test("one that was deleted makes room, and is not counted as forgotten", () => {
	const flows = new FlowTable(1);
	flows.add("a", {});
	flows.delete("a");
	flows.add("b", {});
	assert.equal(flows.get("a"), undefined);
	assert.equal(flows.forgotten, 0);
});
