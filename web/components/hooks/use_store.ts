import { useSyncExternalStore } from "react";

interface Watchable<T> {
  getSnapshot(): T;
  subscribe(listener: () => void): () => void;
}

/** Draws again when the store changes. */
export function useStore<T>(store: Watchable<T>): T {
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
}

/** Draws again only when the selected value changes; select primitives or stable objects. */
export function useSelected<T, Selected>(
  store: Watchable<T>,
  select: (value: T) => Selected,
): Selected {
  const read = () => select(store.getSnapshot());
  return useSyncExternalStore(store.subscribe, read, read);
}
