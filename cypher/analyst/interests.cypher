// How users' interests are distributed over entities
// params: {"limit": 20}
// An interest is between 0 and 1 and fades with time; share is the part of all users who have one in the entity.
MATCH (u:User)
WITH count(u) AS everyone
MATCH (:User)-[a:INTERESTED_IN]->(e:Entity)
WITH everyone, e, count(a) AS users, avg(a.weight) AS mean, percentileCont(a.weight, 0.5) AS median,
     max(a.weight) AS strongest
RETURN e.id AS entity, e.name AS name, e.segment AS segment, users, toFloat(users) / everyone AS share, mean, median,
       strongest
ORDER BY users DESC, entity
LIMIT toInteger($limit)
