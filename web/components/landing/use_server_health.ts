import { useEffect, useState } from "react";

const INTERVAL_MS = 10_000;
const RETRY_MS = 3000;
const TIMEOUT_MS = 4000;

/** Whether the server answers; asked quietly while the page is visible. */
export function useServerHealth(): boolean {
  const [healthy, setHealthy] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let stopped = false;
    const ask = async () => {
      const answer = document.visibilityState === "visible" ? await isHealthy() : true;
      if (stopped) return;
      setHealthy(answer);
      timer = setTimeout(ask, answer ? INTERVAL_MS : RETRY_MS);
    };
    void ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, []);
  return healthy;
}

async function isHealthy(): Promise<boolean> {
  try {
    const response = await fetch("/healthz", {
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return response.ok;
  } catch {
    return false;
  }
}
