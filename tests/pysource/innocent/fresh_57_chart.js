import { open } from "./window.js";
export class Chart { exec() { return this.system; } evaluate() { return open; } }
