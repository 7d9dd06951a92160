// Items as the catalogue gives them
// params: {}
MATCH (n:Item)
RETURN n.id AS id, n.title AS title, n.brand AS brand, n.category AS category, n.price AS price, n.created_at AS created_at, n.available AS available
