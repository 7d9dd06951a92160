// Set the two learned views of entities
// params: {"rows": [{"id": "x", "substitutable": [0.5], "complementary": [0.5], "views": "x"}]}
UNWIND $rows AS row
MATCH (n:Entity {id: row.id})
SET n.substitutable = row.substitutable,
    n.complementary = row.complementary,
    n.views = row.views
