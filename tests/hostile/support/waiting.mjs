export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The promise's value, or an error that names what was waited for in vain. */
export async function within(promise, ms, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms for ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks until the answer is true. */
export async function until(condition, { ms, pauseMs = 100 }, what) {
  const end = performance.now() + ms;
  for (;;) {
    if (await condition()) return;
    if (performance.now() > end) {
      throw new Error(`waited ${ms} ms for ${typeof what === "function" ? what() : what}`);
    }
    await sleep(pauseMs);
  }
}
