import { giveIfAnyIsLeft, inTransaction, poolOf, withConnection } from './coupon-table.ts';
import type { Strategy } from './strategy.ts';

/** One transaction: look for a coupon of the user, count all of them, insert. */
export const countThenInsert: Strategy = {
  name: 'count-then-insert',
  title: 'count, then insert',
  uniqueUsers: false,
  async open({ mysql }) {
    const pool = poolOf(mysql);
    return (campaign, userId) =>
      withConnection(pool, (connection) =>
        inTransaction(connection, () => giveIfAnyIsLeft(connection, campaign, userId)),
      );
  },
};
