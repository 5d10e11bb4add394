import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as sdk from '../../src/index.js';
import { forgetWhatWasSaid } from '../../src/not-provided.js';
import surface from './surface.json' with { type: 'json' };

/**
 * The public surface of the compatible API, name by name: `surface.json` is the table, this holds it against the SDK, once as it runs
 * and once as it is typed, and prints a score for each tier.
 */

type Kind =
  'static' | 'notProvided' | 'classes' | 'values' | 'instance' | 'callbacks' | 'defaults' | 'events' | 'fields';

interface Entry {
  readonly tier: string;
  readonly owner: string;
  readonly kind: Kind;
  readonly name: string;
  readonly expected: unknown;
}

interface Group {
  readonly owner: string;
  readonly kind: string;
  readonly tier: string;
  readonly members: Readonly<Record<string, unknown>>;
}

const ENTRIES = (surface as unknown as Group[]).flatMap(({ owner, kind, tier, members }) =>
  Object.entries(members).map(([name, expected]): Entry => ({ owner, kind: kind as Kind, tier, name, expected })),
);
const TYPED = new Set<Kind>(['static', 'notProvided', 'instance', 'events', 'fields']);
const SDK_ROOT = join(import.meta.dirname, '../..');
const TYPES_FILE = join(import.meta.dirname, 'surface.generated.ts');

interface Class {
  new (...args: unknown[]): Record<string, unknown>;
  readonly prototype: Record<string, unknown>;
}

function resolve(path: string): unknown {
  if (path === 'exports') return sdk;
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], sdk);
}

/** Null when it is there and as it should be; else what is wrong. */
function check({ owner, kind, name, expected }: Entry): string | null {
  const place = kind === 'fields' ? {} : (resolve(owner) as Record<string, unknown> | undefined);
  if (place === undefined) return `${owner} is missing`;
  switch (kind) {
    case 'static':
    case 'classes':
      return typeof place[name] === 'function' ? null : `${owner}.${name} is missing`;
    case 'notProvided':
      return checkSilent(place, name);
    case 'values':
      return place[name] === expected ? null : `${owner}.${name} is ${String(place[name])}`;
    case 'instance':
      return typeof (place as unknown as Class).prototype[name] === 'function' ? null : `${owner}#${name} is missing`;
    case 'callbacks': {
      const callback = () => undefined;
      return new (place as unknown as Class)({ [name]: callback })[name] === callback ? null : `${name} is dropped`;
    }
    case 'defaults': {
      const built = (new (place as unknown as Class)() as { build(): Record<string, () => unknown> }).build();
      const value = built[name]?.();
      return value === expected ? null : `${name} is ${String(value)} by default`;
    }
    case 'events':
    case 'fields':
      return null; // names of types only
  }
}

/** It exists, does nothing, and says so once. */
function checkSilent(place: Record<string, unknown>, name: string): string | null {
  const method = place[name];
  if (typeof method !== 'function') return `${name} is missing`;
  const info = vi.spyOn(console, 'info').mockImplementation(() => undefined);
  forgetWhatWasSaid();
  method.call(place, 'first', 'second');
  method.call(place, 'first', 'second');
  const said = info.mock.calls.length;
  info.mockRestore();
  return said === 1 ? null : `${name} said it ${said} times`;
}

/** A file in which each entry is one line that compiles only if the type fits. */
function typesFile(typed: readonly Entry[]): string {
  const lines = typed.map(({ owner, kind, name, expected }, index) => {
    switch (kind) {
      case 'events':
        return `export const _${index} = CometChatCalls.addEventListener('${name}', () => undefined);`;
      case 'fields':
        return `export const _${index} = (value: ${String(expected)}): SessionSettings => ({ ${name}: value });`;
      case 'instance':
        return `export const _${index} = (it: ${owner}): ${String(expected)} => it.${name}.bind(it);`;
      default:
        return `export const _${index}: ${String(expected)} = ${owner}.${name};`;
    }
  });
  const head =
    "/* eslint-disable */\nimport { CometChat, CometChatCalls, CometChatNotifications, type SessionSettings } from '../../src/index.js';\nvoid CometChatNotifications;\n";
  return head + lines.join('\n') + '\n';
}

/** What the compiler says, by index of the entry. */
function typeErrors(typed: readonly Entry[]): Map<number, string> {
  writeFileSync(TYPES_FILE, typesFile(typed));
  const config = ts.readConfigFile(join(SDK_ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, SDK_ROOT);
  // As most apps are written: the documented types are loose about null, and so is who uses them.
  const program = ts.createProgram([TYPES_FILE], {
    ...options,
    strictNullChecks: false,
    exactOptionalPropertyTypes: false,
  });
  const source = program.getSourceFile(TYPES_FILE);
  const errors = new Map<number, string>();
  for (const { start, messageText } of program.getSemanticDiagnostics(source)) {
    const line = source?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0;
    errors.set(line - 3, ts.flattenDiagnosticMessageText(messageText, ' '));
  }
  return errors;
}

const failures = new Map<Entry, string>();

beforeAll(() => {
  const typed = ENTRIES.filter(({ kind }) => TYPED.has(kind));
  for (const [index, message] of typeErrors(typed)) failures.set(typed[index]!, message);
}, 60_000);

beforeEach(() => forgetWhatWasSaid());

describe.each(['A', 'B', 'C'])('tier %s', (tier) => {
  it('is all there, as it runs and as it is typed', () => {
    const wrong = ENTRIES.filter((entry) => entry.tier === tier).flatMap((entry) => {
      const problem = check(entry) ?? failures.get(entry) ?? null;
      if (problem !== null) failures.set(entry, problem);
      return problem === null ? [] : [`${entry.owner} ${entry.name}: ${problem}`];
    });
    expect(wrong).toEqual([]);
  });
});

afterAll(() => {
  for (const tier of ['A', 'B', 'C']) {
    const entries = ENTRIES.filter((entry) => entry.tier === tier);
    const good = entries.filter((entry) => !failures.has(entry)).length;
    console.log(`compatible API, tier ${tier}: ${good} of ${entries.length}`);
  }
});
