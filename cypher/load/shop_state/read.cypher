// Read: shop state
// params: {}
MATCH (n:Shop)
WHERE n.release IS NOT NULL
RETURN n.id AS id, n.release AS release, n.watermark AS watermark
