import { type ReactNode, useId } from "react";

interface SectionProps {
  title: string;
  testId: string;
  children: ReactNode;
}

export function Section({ title, testId, children }: SectionProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      data-testid={testId}
      className="glass-2 shrink-0 overflow-hidden rounded-tile"
    >
      <h2 id={id} className="px-4 pt-4 pb-3 text-14 font-semibold text-secondary sm:px-6">
        {title}
      </h2>
      {children}
    </section>
  );
}

type TextLinkProps = { children: ReactNode } & (
  | { href: string; onClick?: never }
  | { href?: never; onClick(): void }
);

const LINK =
  "inline-flex min-h-6 items-center rounded-control font-medium text-accent-strong underline-offset-4 hover:underline";

/** Leads to another place of this page, or to another page. */
export function TextLink({ href, onClick, children }: TextLinkProps) {
  if (href !== undefined) {
    return (
      <a href={href} className={LINK}>
        {children}
      </a>
    );
  }
  return (
    <button type="button" onClick={onClick} className={LINK}>
      {children}
    </button>
  );
}
