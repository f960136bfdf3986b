import { useLayoutEffect, useRef } from "react";
import { avatarHues, initialsOf } from "@/lib/people/avatar";
import { classes } from "./classes";

interface AvatarProps {
  name: string;
  className?: string;
}

/** Sets the hues as CSS variables through the DOM, which a strict style policy permits. */
function useHues(name: string) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const [hue, hue2] = avatarHues(name);
    ref.current?.style.setProperty("--avatar-hue", String(hue));
    ref.current?.style.setProperty("--avatar-hue-2", String(hue2));
  }, [name]);
  return ref;
}

/** Initials on a disc, in rows of people. */
export function AvatarDisc({ name, className }: AvatarProps) {
  const ref = useHues(name);
  return (
    <div
      ref={ref}
      aria-hidden
      className={classes(
        "avatar-disc flex size-10 shrink-0 select-none items-center justify-center rounded-full text-14 font-semibold text-white",
        className,
      )}
    >
      {initialsOf(name)}
    </div>
  );
}

/** The ground of a tile without a picture: a gradient from the name, with initials that scale. */
export function AvatarGround({ name, className }: AvatarProps) {
  const ref = useHues(name);
  return (
    <div
      ref={ref}
      aria-hidden
      className={classes(
        "avatar-ground @container-[size] absolute inset-0 flex select-none items-center justify-center",
        className,
      )}
    >
      <div className="avatar-disc flex aspect-square h-[min(38cqh,34cqw,148px)] items-center justify-center rounded-full text-[min(14cqh,12.5cqw,54px)] leading-none font-semibold text-white shadow-[0_8px_32px_rgb(0_0_0/0.25),inset_0_1px_0_rgb(255_255_255/0.2)]">
        {initialsOf(name)}
      </div>
    </div>
  );
}
