import { spawn } from "node:child_process";

/**
 * Runs a program to its end.
 * @returns {Promise<{ code: number, out: string, err: string }>}
 */
export function runProgram(program, args, { env = {}, ms }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), ms);
    let [out, err] = ["", ""];
    child.stdout.on("data", (bytes) => (out += bytes));
    child.stderr.on("data", (bytes) => (err += bytes));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? `killed by ${signal}`, out, err });
    });
  });
}
