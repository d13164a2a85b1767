/** npx lockstep check examples/mutual-exclusion.ts lock=test-and-set */

import {
  always,
  choice,
  type Fairness,
  leadsTo,
  sometimes,
  stronglyFair,
  transitionSystem,
  weaklyFair,
} from 'lockstep';

type Id = 'p' | 'q';
type Phase = 'idle' | 'wants' | 'waits' | 'critical';

interface State {
  readonly phase: Readonly<Record<Id, Phase>>;
  /** Who has raised its flag. */
  readonly flag: Readonly<Record<Id, boolean>>;
  /** Who goes first if both want to. */
  readonly turn: Id;
}

const other = { p: 'q', q: 'p' } as const;

/** What a process that has announced itself does next: it enters, does something else first, or can only wait. */
const locks: Readonly<Record<string, (state: State, me: Id) => Partial<Record<'enters' | 'backs off', true>>>> = {
  /** Peterson, "Myths about the mutual exclusion problem" (1981): who announced itself last gives way. */
  peterson: ({ flag, turn }, me) => (!flag[other[me]] || turn === me ? { enters: true } : {}),
  /** Who finds the other's flag up lowers its own, and begins again. */
  'after-you': ({ flag }, me) => (flag[other[me]] ? { 'backs off': true } : { enters: true }),
  /** An atomic instruction takes the lock when it is free; nobody queues. */
  'test-and-set': ({ phase }, me) => (phase[other[me]] === 'critical' ? {} : { enters: true }),
};

export default transitionSystem({
  name: 'mutual-exclusion',
  summary: 'Two processes, one critical section',
  parameters: {
    lock: choice({ default: 'peterson', options: Object.keys(locks), help: 'how they exclude each other' }),
    fairness: choice({
      default: 'weak',
      options: ['none', 'weak', 'strong'],
      help: 'what the steps of a process are owed',
    }),
  },

  build: ({ lock, fairness }) => ({
    initial: (): State[] => [{ phase: { p: 'idle', q: 'idle' }, flag: { p: false, q: false }, turn: 'p' }],

    *next(state: State) {
      for (const me of ['p', 'q'] as const) {
        const to = (phase: Phase, flag: boolean, turn: Id = state.turn): State => ({
          phase: { ...state.phase, [me]: phase },
          flag: { ...state.flag, [me]: flag },
          turn,
        });
        if (state.phase[me] === 'idle') yield [`${me} wants to enter`, to('wants', false)] as const;
        if (state.phase[me] === 'wants') yield [`${me} raises its flag`, to('waits', true, other[me])] as const;
        if (state.phase[me] === 'critical') yield [`${me} leaves`, to('idle', false)] as const;
        if (state.phase[me] !== 'waits') continue;
        const may = locks[lock]?.(state, me) ?? {};
        if (may.enters) yield [`${me} enters`, to('critical', true)] as const;
        if (may['backs off']) yield [`${me} backs off`, to('wants', false)] as const;
      }
    },

    properties: [
      always('mutual exclusion', ({ phase }: State) => phase.p !== 'critical' || phase.q !== 'critical'),
      sometimes('both want to enter', ({ phase }: State) => phase.p === 'waits' && phase.q === 'waits'),
      leadsTo(
        'whoever wants to enters',
        ({ phase }: State) => phase.p === 'wants',
        ({ phase }: State) => phase.p === 'critical',
      ),
      leadsTo(
        'if one wants to, one enters',
        ({ phase }: State) => phase.p === 'wants' || phase.q === 'wants',
        ({ phase }: State) => phase.p === 'critical' || phase.q === 'critical',
      ),
    ],
    fairness: owed(lock, fairness),
  }),
});

/** Nobody has to want to; who does goes on: some step of each process is owed, and that it wants to is none of them. */
function owed(lock: string, strength: string): Fairness[] {
  if (strength === 'none') return [];
  const fair = strength === 'weak' ? weaklyFair : stronglyFair;
  const steps = ['raises its flag', 'enters', 'leaves', ...(lock === 'after-you' ? ['backs off'] : [])];
  return ['p', 'q'].map((me) => fair('action', { name: steps.map((step) => `${me} ${step}`), per: 'all' }));
}
