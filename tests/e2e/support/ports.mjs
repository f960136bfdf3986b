import { freePort as freePortBut } from "../../../tools/stack/ports.mjs";

const chosen = new Set();

/** A port that nobody uses now, for TCP and UDP, and that was not given before. */
export const freePort = () => freePortBut(chosen);
