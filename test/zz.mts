import { makeOrm } from '../src/adapters/mikro-orm/orm.ts';
import { Database } from '../src/adapters/mikro-orm/database.ts';
import { freezableProxy } from './support/freezable-proxy.ts';
const proxy = await freezableProxy(new URL('mysql://root@127.0.0.1:3306/coupon'), 3306);
const orm = makeOrm(`mysql://root@127.0.0.1:${proxy.port}/information_schema`);
await orm.connect();
const db = new Database(orm);
await db.read((em) => em.execute('do 1'));
proxy.freeze();
const t = performance.now();
const log = (m: string) => console.log(Math.round(performance.now() - t), m);
await Promise.allSettled([
 db.read((em) => em.execute('do 1'), 300).catch((e) => log('read ' + e.message)),
 ...Array.from({ length: 13 }, () => db.transaction((em) => em.execute('do 1'), 300).catch((e) => log('tx ' + e.message)))]);
log('settled');
await proxy.close(); log('proxy closed');
await orm.close(); log('orm closed');
