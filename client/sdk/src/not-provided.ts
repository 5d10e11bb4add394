const said = new Set<string>();

/**
 * For names of the compatible API that are deliberately not provided: they exist and do nothing, so that code which uses them runs,
 * and say so once on the console.
 */
export function notProvided(name: string, why: string): void {
  if (said.has(name)) return;
  said.add(name);
  console.info(`Belfry: ${name} does nothing here. ${why}`);
}

/** Lets a test hear it again. */
export function forgetWhatWasSaid(): void {
  said.clear();
}
