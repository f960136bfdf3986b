const LOOK_MS = 20;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks until `condition` gives something that is true, and gives that. */
export async function until(condition, ms, what) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await sleep(LOOK_MS);
  }
}

/** The result of `promise`, or an error after `ms`. */
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
