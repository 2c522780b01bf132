// One project's part of an alarm, held apart: what goes wrong in it that is not the API's doing ends that part, by name, and
// the others go on.

import type { Context } from './context.ts';
import { leaveOut } from './leave-out.ts';

/**
 * Runs one project's part. A fault of ours (a value too large to be stored, say) ends what is under way in that project for
 * this run, and is told; then the answer is `false`. What the part stored in one go is undone by the store, what it staged is removed.
 */
export async function inPart(
  context: Context,
  project: { readonly id: string; readonly name: string },
  part: () => Promise<void> | void,
): Promise<boolean> {
  try {
    await part();
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    context.log({ level: 'error', event: 'project-failed', project: project.name, message });
    leaveOut(context, project, `something went wrong within the Keeper (${message})`);
    return false;
  }
}
