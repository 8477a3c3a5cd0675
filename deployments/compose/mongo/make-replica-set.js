// Makes the replica set of one and the platform's user; safe to run again.
const root = encodeURIComponent(process.env.MONGO_ROOT_PASSWORD);
// 127.0.0.1 is right for programs on this machine, through the published port, and for the
// member itself. For clients on other machines put a name here that both sides resolve.
const member = "127.0.0.1:27017";
const connection = new Mongo(
  `mongodb://root:${root}@mongo:27017/admin?authSource=admin&directConnection=true`,
);
const admin = connection.getDB("admin");

try {
  admin.adminCommand({ replSetGetStatus: 1 });
} catch (error) {
  if (error.codeName !== "NotYetInitialized") throw error;
  admin.adminCommand({ replSetInitiate: { _id: "rs0", members: [{ _id: 0, host: member }] } });
}
while (!admin.hello().isWritablePrimary) sleep(200);

if (admin.getUser("emotion_cards") === null) {
  admin.createUser({
    user: "emotion_cards",
    pwd: process.env.EC_PASSWORD,
    // dbAdmin: validators and indexes are brought up to date at each start.
    roles: [
      { role: "readWrite", db: "emotion_cards" },
      { role: "dbAdmin", db: "emotion_cards" },
    ],
  });
}
print("replica set rs0 and user emotion_cards are there");
