// Which release the shop serves, and how far it has followed the journal of events
// params: {}
MATCH (n:Shop)
RETURN n.id AS id, n.release AS release, n.watermark AS watermark
