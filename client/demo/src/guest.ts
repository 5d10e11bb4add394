/** The grant in the address of a link for guests; it is behind the `#`, where no server sees it. */
export function grantIn(hash: string): string | null {
  return /^#guest=([\w.-]+)$/.exec(hash)?.[1] ?? null;
}

/** The link by which guests join. */
export function guestLink(page: string, grant: string): string {
  return `${page}#guest=${grant}`;
}
