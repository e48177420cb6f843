// The fields of a form, and the body that PHP's own words for it take apart again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { formBody, formField } from "../../src/send/index.js";

test("takes fields as curl does", () => {
	assert.deepEqual(formField("a=b=c;type=x"), {
		kind: "text",
		name: "a",
		value: "b=c;type=x",
	});
	assert.deepEqual(formField("a="), { kind: "text", name: "a", value: "" });
	const file = {
		kind: "file",
		name: "f",
		path: "/x/y;z.txt",
		fileName: "y;z.txt",
		type: "application/octet-stream",
	};
	assert.deepEqual(formField("f=@/x/y;z.txt"), { ...file, upload: true });
	assert.deepEqual(formField("f=</x/y;z.txt"), { ...file, upload: false });
	assert.deepEqual(formField("f=@/x/y;z.txt;type=text/plain;filename=q"), {
		...file,
		upload: true,
		type: "text/plain",
		fileName: "q",
	});
	for (const bad of ["", "a", "=b", "a=@", "a=<"]) {
		assert.throws(() => formField(bad), {
			code: "usage",
			message: /is no field of a form: NAME=VALUE/,
		});
	}
});

test("the body is one that fetch reads back", async () => {
	const fields = [
		"a=1",
		"a=zwei\r\n--x",
		'b"\r\nX: y=@file.bin;type=text/plain',
		"c=<value.txt",
	].map(formField);
	const { type, parts } = formBody(fields, "boundary123");
	const bytes = Buffer.concat(
		parts.map((part) =>
			Buffer.isBuffer(part) ? part : Buffer.from(`<${part.path}>`),
		),
	);
	const form = await new Response(bytes, {
		headers: { "Content-Type": type },
	}).formData();
	assert.deepEqual(form.getAll("a"), ["1", "zwei\r\n--x"]);
	assert.equal(form.get("c"), "<value.txt>");
	const file = form.get('b"\r\nX: y') as File;
	assert.equal(file.name, "file.bin");
	assert.equal(file.type, "text/plain");
	assert.equal(await file.text(), "<file.bin>");
});
