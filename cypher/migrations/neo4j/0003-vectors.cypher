// Nearest entities by either learned view, or by the text of their names
// params: {}
CREATE VECTOR INDEX entity_substitutable IF NOT EXISTS FOR (n:Entity) ON (n.substitutable)
OPTIONS {indexConfig: {`vector.dimensions`: 64, `vector.similarity_function`: 'cosine', `vector.quantization.enabled`: false}};
CREATE VECTOR INDEX entity_complementary IF NOT EXISTS FOR (n:Entity) ON (n.complementary)
OPTIONS {indexConfig: {`vector.dimensions`: 64, `vector.similarity_function`: 'cosine', `vector.quantization.enabled`: false}};
CREATE VECTOR INDEX entity_text IF NOT EXISTS FOR (n:Entity) ON (n.text)
OPTIONS {indexConfig: {`vector.dimensions`: 384, `vector.similarity_function`: 'cosine', `vector.quantization.enabled`: false}};
