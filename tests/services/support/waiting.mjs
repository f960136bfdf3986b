const WAIT_MS = 10_000;

/** Asks again and again. `what` is text, or a function that makes it at the end. */
export async function until(condition, what, waitMs = WAIT_MS) {
  const end = Date.now() + waitMs;
  while (!(await condition())) {
    if (Date.now() > end) {
      throw new Error(`waited ${waitMs} ms for ${typeof what === "function" ? what() : what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function within(promise, what, waitMs = WAIT_MS) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${waitMs} ms for ${what}`)), waitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
