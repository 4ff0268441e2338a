/* play.c - runs a driver in virtual time: an hour takes a millisecond. */
#include "chaingate/trial.h"

void trial_play(struct driver *driver, struct driver_answer (*see)(void *context, size_t chain, int64_t at_ns),
		void *context)
{
	struct driver_step next;
	int64_t now_ns = 0;
	while ((next = driver_next(driver, now_ns)).action != DRIVER_DONE) {
		if (next.action == DRIVER_ASK) {
			struct driver_answer answer = see(context, next.chain, now_ns);
			answer.sent_ns = answer.at_ns = now_ns;
			driver_answered(driver, next.chain, &answer, 0);
		} else {
			now_ns = next.until_ns;
			driver_pass(driver, now_ns);
		}
	}
}
