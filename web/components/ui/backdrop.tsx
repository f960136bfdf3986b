/** Two large, slow, barely visible colour fields. */
export function Backdrop() {
  return <div aria-hidden className="backdrop" />;
}
