interface AddressDrawingProps {
  place: "left-of-address" | "right-of-address" | "page-menu";
  className?: string;
}

const POINTS = { "left-of-address": 46, "right-of-address": 250, "page-menu": 24 } as const;

/** A sketch of a browser's address bar, with a ring where to click. */
export function AddressDrawing({ place, className }: AddressDrawingProps) {
  const x = POINTS[place];
  return (
    <svg aria-hidden="true" viewBox="0 0 300 88" className={className} fill="none">
      <rect x="1" y="1" width="298" height="120" rx="14" fill="oklch(0.26 0.02 265)" />
      <rect
        x="1"
        y="1"
        width="298"
        height="120"
        rx="14"
        stroke="white"
        strokeOpacity="0.1"
        strokeWidth="1.5"
      />
      <rect x="24" y="24" width="252" height="40" rx="20" fill="oklch(0.17 0.02 265)" />
      <g stroke="oklch(0.78 0.014 265)" strokeWidth="2" strokeLinecap="round">
        <path d="M39 40h6m5 0h3M39 48h3m5 0h6" />
        <circle cx="47" cy="40" r="2.6" />
        <circle cx="44.5" cy="48" r="2.6" />
      </g>
      <rect x="70" y="40" width="112" height="8" rx="4" fill="white" fillOpacity="0.16" />
      <circle cx="250" cy="44" r="7" stroke="oklch(0.78 0.014 265)" strokeWidth="2" />
      <circle
        cx={x}
        cy="44"
        r="20"
        stroke="oklch(0.72 0.16 255)"
        strokeWidth="3"
        className="animate-breathe"
      />
      <path
        d={`M${x + 12} 58l5 19 5-7 8-2z`}
        fill="white"
        stroke="oklch(0.2 0.02 265)"
        strokeWidth="2"
        strokeLinejoin="round"
      />
    </svg>
  );
}
