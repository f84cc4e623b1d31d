import { execSync } from "node:child_process";
execSync("echo pratique-fixture");
