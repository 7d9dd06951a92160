// Interests of some users, before they are written anew in the same transaction
// params: {"users": ["u1"]}
UNWIND $users AS id
MATCH (u:User {id: id})-[r:INTERESTED_IN]->(:Entity)
DELETE r
