import { createContext, useContext } from "react";

const Shown = createContext(true);

/** Around a screen: whether it is the one that people see, or is drawn ahead behind another. */
export const ShownProvider = Shown.Provider;

/**
 * What reaches beyond the picture (keys, focus, sound, announcements, the own camera's element)
 * waits until its screen is shown.
 */
export function useShown(): boolean {
  return useContext(Shown);
}
