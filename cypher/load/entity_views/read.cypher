// The two learned views of each entity, and the version of the model that they come from
// params: {}
MATCH (n:Entity)
RETURN n.id AS id, n.substitutable AS substitutable, n.complementary AS complementary, n.views AS views
