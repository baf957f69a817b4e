// What Xerces, as it comes with the JDK, says of documents. Reads lines `schema TAB document` (paths), answers each with
// `valid` or with the first thing that is wrong.

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXParseException;

public class SecondOpinion {
    public static void main(String[] arguments) throws Exception {
        var factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        Map<String, Schema> schemas = new HashMap<>();
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var answers = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] paths = line.split("\t");
            Schema schema = schemas.get(paths[0]);
            if (schema == null) {
                schema = factory.newSchema(new File(paths[0]));
                schemas.put(paths[0], schema);
            }
            answers.append(opinion(schema, new File(paths[1]))).append('\n');
        }
        System.out.write(answers.toString().getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    private static String opinion(Schema schema, File document) {
        var validator = schema.newValidator();
        validator.setErrorHandler(new Strict());
        try {
            validator.validate(new StreamSource(document));
            return "valid";
        } catch (Exception problem) {
            return String.valueOf(problem.getMessage()).replaceAll("\\s+", " ");
        }
    }

    private static final class Strict implements ErrorHandler {
        public void warning(SAXParseException problem) {}

        public void error(SAXParseException problem) throws SAXParseException {
            throw problem;
        }

        public void fatalError(SAXParseException problem) throws SAXParseException {
            throw problem;
        }
    }
}
