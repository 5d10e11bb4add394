import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The document that describes the compatible API; it is kept beside the project, not in it. */
const SEED = join(import.meta.dirname, '../../../../../shared/reference/ringing-seed.txt');

/** One code block of the seed. */
export interface SeedBlock {
  readonly name: string;
  readonly language: 'js' | 'ts';
  readonly code: string;
}

/** What a block may begin with. */
const STARTS = /^(const (receiverID|listenerId|sessionId|call)\b|onCall\w+ :)/;
const CODE =
  /^(const |await |CometChat|CometChatCalls |\/\/ |[})\](]|\w+ : |\w+ = |\w+ ,$|new |console|\. |async |\( ?\w* ?\)? ?=>|listenerId ,|\( error|\( call)/;

/** Every code block of the seed, in its order; null where the seed is not there. */
export function seedBlocks(): readonly SeedBlock[] | null {
  if (!existsSync(SEED)) return null;
  const blocks: string[][] = [];
  let current: string[] | null = null;
  for (const raw of readFileSync(SEED, 'utf8').split('\n')) {
    // The quick reference stands on one line with its heading.
    const line = raw.replace(/^Quick Reference.*?:(?=\/\/)/, '');
    const isBalanced = current === null || depth(current.join('\n')) === 0;
    const isStart = STARTS.test(line) || line !== raw;
    if (isBalanced && isStart && !(current && isContinuation(current, line))) blocks.push((current = [line]));
    else if (current && CODE.test(line) && !(isBalanced && isStart)) current.push(line);
    else if (current && isBalanced && !isContinuation(current, line)) current = null;
    else current?.push(line);
  }
  return blocks.map((lines, index) => {
    const code = lines.map(tight).join('\n');
    const language = /: (string|CometChat|GenerateToken)/.test(code) ? 'ts' : 'js';
    const first =
      /\b(initiateCall|acceptCall|rejectCall|addCallListener|generateToken|onCallEndButtonPressed|onCallEnded)\b/.exec(
        code,
      )?.[1];
    return { name: `${index + 1}-${first ?? 'block'}`, language, code };
  });
}

/** The lines that set up one call belong together. */
function isContinuation(block: readonly string[], line: string): boolean {
  if (block.every((one) => one.startsWith('//'))) return true;
  if (/^const (callType|receiverType|status|loggedInUser|userAuthToken)\b/.test(line)) return true;
  return /^const call\b/.test(line) && block.some((one) => one.startsWith('const receiverType'));
}

/** How many brackets are open. */
function depth(text: string): number {
  const code = text.replace(/"[^"]*"/g, '').replace(/\/\/.*$/gm, '');
  return (code.match(/[([{]/g) ?? []).length - (code.match(/[)\]}]/g) ?? []).length;
}

/** `CometChat . Call ( "UID" )` is `CometChat.Call("UID")`; comments and strings stay as they are. */
function tight(line: string): string {
  if (line.startsWith('//')) return line;
  return line.replace(/ \. /g, '.').replace(/^\. /, '.');
}

/** What a block uses and an earlier one made. */
export function missingNames({ code }: SeedBlock): ('call' | 'sessionId')[] {
  return (['call', 'sessionId'] as const).filter(
    (name) =>
      new RegExp(`\\b${name}\\b`).test(code.replace(/\/\/.*$/gm, '')) &&
      !new RegExp(`^const ${name}\\b`, 'm').test(code),
  );
}

/** A block that is the inside of a listener, as a statement. */
export function asStatements({ code }: SeedBlock): string {
  return /^on\w+ ?:/.test(code) ? `const callbacks = {\n${code}\n};` : code;
}
