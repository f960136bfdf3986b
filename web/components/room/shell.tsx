import { FileQuestionMark, Link2Off, type LucideIcon } from "lucide-react";
import Head from "next/head";
import Link from "next/link";
import type { ReactNode } from "react";
import { Backdrop } from "../ui/backdrop";
import { BrandMark } from "../ui/brand";
import { Icon } from "../ui/icon";

interface RoomShellProps {
  text?: string;
  children?: ReactNode;
}

/** What is painted before the script runs, and while a reloaded page comes back to its call. */
export function RoomShell({ text, children }: RoomShellProps) {
  return (
    <main className="relative flex min-h-dvh flex-col items-center justify-center gap-6 overflow-hidden p-4">
      <Backdrop />
      <h1 className="sr-only">confab</h1>
      <BrandMark className="animate-breathe relative h-10 w-15" />
      <p role="status" className="relative h-6 text-16 text-secondary">
        {text}
      </p>
      {children && <div className="relative w-full max-w-[420px]">{children}</div>}
    </main>
  );
}

/** A link to a room, whose name cannot be one. */
export function BadLink() {
  return (
    <DeadEnd icon={Link2Off} title="This link is not a valid room link">
      Room names have up to 64 letters (A to Z), digits, “-” and “_”. Check the link, or open a new
      room.
    </DeadEnd>
  );
}

/** Any other address that is none. */
export function NoSuchPage() {
  return (
    <DeadEnd icon={FileQuestionMark} title="There is no such page">
      The address may be mistyped. Check it, or go back to the start.
    </DeadEnd>
  );
}

interface DeadEndProps {
  icon: LucideIcon;
  title: string;
  children: ReactNode;
}

function DeadEnd({ icon, title, children }: DeadEndProps) {
  return (
    <div className="relative flex min-h-dvh items-center justify-center overflow-hidden p-4">
      <Head>
        <title>{`${title} · confab`}</title>
      </Head>
      <Backdrop />
      <main className="animate-rise relative z-10 flex max-w-[420px] flex-col items-center gap-6 text-center">
        <span className="glass-1 flex size-16 items-center justify-center rounded-full text-secondary">
          <Icon icon={icon} />
        </span>
        <div className="flex flex-col gap-2">
          <h1 className="text-28 font-semibold tracking-[-0.02em]">{title}</h1>
          <p className="text-16 text-secondary">{children}</p>
        </div>
        <Link
          href="/"
          className="inline-flex h-12 items-center rounded-control bg-accent px-5 text-16 font-medium text-on-accent transition-colors hover:bg-accent-strong"
        >
          Back to the start
        </Link>
      </main>
    </div>
  );
}
