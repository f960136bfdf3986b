import { createContext, useContext, useEffect, useState } from "react";
import { filtersFromQuery, queryOf } from "@/lib/logs/filters";
import { browserWorld, LogsClient } from "@/lib/logs/logs_client";
import { takeToken } from "@/lib/logs/token";
import { useStore } from "../hooks/use_store";

const LogsContext = createContext<LogsClient | null>(null);
export const LogsProvider = LogsContext.Provider;

export function useLogs(): LogsClient {
  const client = useContext(LogsContext);
  if (!client) throw new Error("There is no log viewer around this component.");
  return client;
}

/** A client that follows the logs by the link's token and the address' filters; null at first. */
export function useNewLogs(): LogsClient | null {
  const [client, setClient] = useState<LogsClient | null>(null);
  useEffect(() => {
    const made = new LogsClient(browserWorld());
    const line = new URLSearchParams(window.location.search).get("line") ?? "";
    made.start(takeToken(), filtersFromQuery(window.location.search), line);
    setClient(made);
    const onHistory = () => made.filter(filtersFromQuery(window.location.search));
    window.addEventListener("popstate", onHistory);
    // The link opened again in the same tab: only what is behind "#" is new.
    const onHash = () => {
      const token = takeToken();
      if (token !== "") made.enter(token);
    };
    window.addEventListener("hashchange", onHash);
    return () => {
      window.removeEventListener("popstate", onHistory);
      window.removeEventListener("hashchange", onHash);
      made.stop();
    };
  }, []);
  return client;
}

/** The filters stand in the address bar. */
export function useAddress(client: LogsClient): void {
  const { filters } = useStore(client);
  useEffect(() => {
    const wanted = window.location.pathname + queryOf(filters);
    if (wanted !== window.location.pathname + window.location.search) {
      window.history.replaceState(null, "", wanted);
    }
  }, [filters]);
}
