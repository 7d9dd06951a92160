// What leads from one item to another, and by what evidence
// params: {}
MATCH (a:Item)-[r:LEADS_TO]->(b:Item)
RETURN a.id AS item, b.id AS next, r.pull AS pull, r.followed AS followed, r.preceded AS preceded, r.cosine AS cosine, r.title AS title, r.kind AS kind, r.brand AS brand, r.shelf AS shelf, r.rank AS rank
