import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { asStatements, missingNames, seedBlocks } from './support/seed-blocks.js';

/** The code of the seed, block by block, against our declarations, as an app without strict null checks would compile it. */

const SDK_ROOT = join(import.meta.dirname, '..');
const FOLDER = join(import.meta.dirname, 'seed-blocks.generated');
const blocks = seedBlocks();

describe.skipIf(blocks === null)('the code of the seed (not run where the seed is absent)', () => {
  afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

  it('is found whole', () => {
    const found = blocks ?? [];
    expect(found.filter(({ language }) => language === 'js').length).toBeGreaterThanOrEqual(10);
    expect(found.filter(({ language }) => language === 'ts').length).toBeGreaterThanOrEqual(9);
    const all = found.map(({ code }) => code).join('\n');
    for (const name of ['initiateCall', 'acceptCall', 'rejectCall', 'endCall', 'addCallListener', 'generateToken']) {
      expect(all).toContain(name);
    }
  });

  it('compiles', () => {
    mkdirSync(FOLDER, { recursive: true });
    const files = (blocks ?? []).map((block) => {
      const path = join(FOLDER, `${block.name}.ts`);
      const declared = { call: 'call: CometChat.Call', sessionId: 'sessionId: string' };
      const parameters = missingNames(block).map((name) => declared[name]);
      const imports = "import { CometChat, CometChatCalls, type GenerateToken } from '../../src/index.js';";
      const uses = 'void CometChat;\nvoid CometChatCalls;\nexport type Used = GenerateToken;';
      const code = `export async function block(${parameters.join(', ')}) {\n${asStatements(block)}\n}`;
      writeFileSync(path, `${imports}\n${uses}\n${code}\n`);
      return path;
    });
    const config = ts.readConfigFile(join(SDK_ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
      config: unknown;
    };
    const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, SDK_ROOT);
    const loose = {
      strictNullChecks: false,
      exactOptionalPropertyTypes: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
    };
    const program = ts.createProgram(files, { ...options, ...loose });
    const errors = files.flatMap((path) => {
      const source = program.getSourceFile(path);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return found.map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
    });
    expect(errors).toEqual([]);
  }, 60_000);
});
