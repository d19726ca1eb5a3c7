// Reads a calendar with the parsers that JavaScript programs use, and prints what each of them finds.
//
// Usage: node parse.mjs FOLDER FILE, where FOLDER has the parsers.
//
// One line for each event and parser: parser, UID, start and end in UTC, and SUMMARY, as JSON.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [folder, file] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const ICAL = (await import(require.resolve("ical.js"))).default;
const nodeIcal = require("node-ical");

const text = readFileSync(file, "utf8");
const utc = (at) => at.toISOString().replace(".000Z", "Z");
const print = (parser, uid, start, end, summary) =>
  console.log(JSON.stringify([parser, uid, utc(start), utc(end), summary]));

for (const component of new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent")) {
  const event = new ICAL.Event(component);
  print("ical.js", event.uid, event.startDate.toJSDate(), event.endDate.toJSDate(), event.summary);
}
for (const event of Object.values(nodeIcal.sync.parseICS(text))) {
  if (event.type === "VEVENT") print("node-ical", event.uid, event.start, event.end, event.summary);
}
