// What a plan is about: a project as it is known now, and the rule that applies to it. Types only.

import type { Rule } from '../../policy/rules.ts';
import type { Context } from '../context.ts';
import type { Inventory, ProjectState } from '../store/inventory.ts';
import type { Task } from '../work.ts';

/** A project that is planned, as it is known now. */
export interface Subject {
  readonly context: Context;
  readonly id: string;
  readonly task: Task;
  readonly state: ProjectState & { readonly inventory: Inventory };
  readonly rule: Rule | null;
}
