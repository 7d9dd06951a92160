"""The knowledge graph: vocabulary, records, client, servers, migrations, loading and export."""
