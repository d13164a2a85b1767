import { describe, expect, test } from 'vitest';
import { story } from '../../../explorer/report/story.ts';
import courier from './courier.ts';
import jugs from './jugs.ts';
import { script } from './script.ts';

const PLAIN = { width: 80, color: false };

function told(parameters: Record<string, number | string>, property: string | null, ...lines: string[]): string {
  const instance = courier.build(parameters, null);
  return story(instance, { ...script(instance, ...lines), property }, PLAIN);
}

describe('the story of a run', () => {
  test('reads like this', () => {
    const text = told(
      { processes: 3, crashes: 1, losses: 1 },
      'unanswered',
      'c1 asks n1: deliver tea',
      'n2 receives Parcel tea from n1',
      'n2 crashes',
      'n2 recovers',
      'n1 receives Receipt tea (fresh) from n2',
      'n3 receives Parcel tea from n1',
      'n1 receives Receipt tea (fresh) from n3',
    );
    expect(text).toBe(`\
 1  c1 asks n1: deliver tea
        sending: none -> {parcel: tea, client: c1, receipts: {}}
        sends Parcel tea to all others
        sets timer again
 2  n2 receives Parcel tea from n1
        kept: none -> tea
        log: + tea
        sends Receipt tea (fresh) to n1
        tells its user: got tea
 3  n2 crashes
        keeps kept: tea
        forgets log: [tea]
 4  n2 recovers
 5  n1 receives Receipt tea (fresh) from n2
        sending.receipts: + n2
 6  n3 receives Parcel tea from n1
        kept: none -> tea
        log: + tea
        sends Receipt tea (fresh) to n1
        tells its user: got tea
 7  n1 receives Receipt tea (fresh) from n3
        sending: ... -> none
        answers c1: delivered tea
        cancels timer again

unanswered is violated: the client has been answered
`);
  });

  test('of a bare system: actions, and the fields that change', () => {
    const instance = jugs.build({}, null);
    const run = { ...script(instance, 'fill big', 'big to small'), property: null };
    expect(story(instance, run, PLAIN)).toBe(`\
    at first
        small: 0
        big: 0
 1  fill big
        big: 0 -> 5
 2  big to small
        small: 0 -> 3
        big: 5 -> 2

the run ends here.
`);
  });

  test('tells what becomes of sessions and of what they carried', () => {
    const text = told(
      { network: 'fifo', linkCuts: 1, timeouts: 1 },
      null,
      'c1 asks n1: deliver tea',
      'the session between n1 and n2 is cut',
      'n1 learns that its session with n2 is lost',
      'n1: timer again fires',
      'n2 learns that its session with n1 is lost',
      'a new session opens between n1 and n2',
      'n1 learns of a new session with n2',
    );
    expect(text).toContain('Parcel tea to n2 goes nowhere: there is no session');
    expect(text).toContain('Parcel tea from n1 to n2 is lost on the way');
    expect(text).toMatch(/ 7 {2}n1 learns of a new session with n2\n.*links.n2: down -> up\n.*sends Parcel tea to n2/);
  });

  test('tells what is lost and duplicated', () => {
    const text = told(
      { losses: 1, duplications: 1 },
      null,
      'c1 asks n1: deliver tea',
      'Parcel tea from n1 to n2 is duplicated',
      'Parcel tea from n1 to n2 is lost',
    );
    expect(text).toContain(' 2  Parcel tea from n1 to n2 is duplicated\n 3  Parcel tea from n1 to n2 is lost\n');
  });

  test('ends with a witness, with what holds, or with a property that is not there', () => {
    const steps = ['c1 asks n1: deliver tea', 'n2 receives Parcel tea from n1'];
    expect(told({}, 'kept', ...steps)).toContain('\nkept is reached.\n');
    expect(told({}, 'answered', ...steps)).toContain('\nanswered is not reached.\n');
    expect(told({}, 'unanswered', ...steps)).toContain('\nunanswered holds at the end of this run.\n');
    expect(told({}, 'nothing is kept', ...steps)).toContain("\n'nothing is kept' is violated.\n");
    expect(told({}, 'nix', ...steps)).toContain("the system has no property 'nix'");
    expect(told({ crashes: 1 }, 'quiescence', 'n1 crashes', 'n1 recovers')).toContain('quiescence holds');
  });

  test('says that nothing can happen any more, and why something should', () => {
    const text = told(
      { crashes: 1 },
      'quiescence',
      'c1 asks n1: deliver tea',
      'n1 crashes',
      'n1 recovers',
      'n2 receives Parcel tea from n1',
    );
    expect(text).toContain('\nnothing can happen any more, and should: the client was never answered\n');
  });

  test('is no wider than the paper, and breaks lines with a hanging indent', () => {
    const instance = courier.build({ processes: 5 }, null);
    const run = { ...script(instance, 'c1 asks n1: deliver tea'), property: null };
    for (const width of [30, 40, 60]) {
      const lines = story(instance, run, { width, color: false }).split('\n');
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width);
    }
    expect(story(instance, run, { width: 40, color: false })).toContain(
      '        sending: none -> {parcel: tea,\n          client: c1, receipts: {}}\n',
    );
  });

  test('is coloured only when asked, and says the same', () => {
    const instance = courier.build({}, null);
    const run = { ...script(instance, 'c1 asks n1: deliver tea'), property: 'kept' };
    const colored = story(instance, run, { width: 80, color: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours.
    const codes = /\u001b\[\d+m/g;
    expect(colored).toMatch(codes);
    expect(colored.replace(codes, '')).toBe(story(instance, run, PLAIN));
  });

  test('is refused for a run that does not fit', () => {
    const other = script(
      courier.build({ processes: 3 }, null),
      'c1 asks n1: deliver tea',
      'n3 receives Parcel tea from n1',
    );
    expect(() => story(courier.build({}, null), other, PLAIN)).toThrow(/at step 2 of 2/);
  });
});
