"""First names, last names and company names, by language."""

from __future__ import annotations

from random import Random

_FIRST = {
    "de": (
        "Anna Lukas Lena Jonas Sophie Felix Marie Paul Laura Tim Julia Maximilian Katharina Florian "
        "Johanna Sebastian Hannah Moritz Clara Jürgen Käthe Björn Greta Oskar Ida Emil Zoë Leon Mia "
        "Anton Frieda Götz Ute Ralf Petra Uwe Sabine Holger Heike Stefan Antonia Bernd Carola Dieter "
        "Elke Fabian Gisela Hendrik Isabel Jakob Kerstin Lothar Mareike Norbert Olaf Pauline Raphael "
        "Silke Tobias Verena Wolfgang Yvonne Jannes Merle Theresa Vincent"
    ),
    "nl": (
        "Daan Emma Sem Sanne Lars Anouk Bram Fleur Thijs Lotte Ruben Femke Jeroen Marijke Pieter Ilse "
        "Koen Noor Wouter Bas Carlijn Dirk Esther Freek Geert Hanneke Ivo Jolanda Kees Linde Merel "
        "Maaike Joost Eva Sander Roos Maarten Tess Hugo Zoë Gijs Anneke"
    ),
    "fr": (
        "Camille Louis Chloé Hugo Léa Gabriel Manon Arthur Inès Jules Élise Théo Margaux Antoine Zoé "
        "Benoît Hélène Bastien Capucine Damien Édith Fabrice Gisèle Henri Jeanne Laurent Mireille "
        "Nicolas Odile Mathieu Amélie Étienne Céline Rémi Sylvie François Aurélie Luc Noémie Pascal "
        "Océane Guillaume"
    ),
    "en": (
        "Oliver Amelia George Isla Harry Ava Jack Emily Charlie Sophia Liam Grace Sean Niamh Aoife "
        "Conor Siobhan Rory Megan Dylan Hannah Owen Poppy Finn Ruby Callum Freya Declan Maeve Ethan "
        "Zoë Nora Theo Alice Edward Beth Ronan Ciara Patrick Daisy Adam Bridget Colin Deirdre Euan "
        "Fiona Gareth Heather Imogen Jasper Kieran Lorna Martin Nadia Orla Philippa Quentin Rosie "
        "Simon Tamsin"
    ),
    "nordic": (
        "Søren Astrid Lars Ingrid Erik Freja Magnus Linnea Nils Sigrid Anders Maja Jens Karin Mikkel "
        "Elsa Jørgen Åsa Håkon Solveig Aino Eero Kaisa Juhani Oskar Tuva Emil Signe Björn Östen Annika "
        "Rasmus Liv Henrik Birgit"
    ),
    "es": (
        "Lucía Mateo Sofía Diego Carmen Javier Elena Pablo Marta Andrés Inês João Beatriz Tiago Raquel "
        "Álvaro Nuria Sergio Pilar Íñigo Leonor Duarte Rocío Hugo Marina Tomás Clara Rui Begoña Xavier"
    ),
    "it": (
        "Giulia Lorenzo Francesca Matteo Chiara Alessandro Martina Davide Elisa Marco Sara Luca "
        "Valentina Simone Alice Niccolò Federica Andrea Paola Giorgio Ilaria Stefano Beatrice Emanuele "
        "Rosa Dario Bianca Enzo"
    ),
    "pl": (
        "Łukasz Zofia Jakub Hanna Piotr Katarzyna Michał Agnieszka Tomáš Jana Paweł Małgorzata Jiří "
        "Eliška Krzysztof Ewa Wojciech Aleksandra Ondřej Tereza Stanisław Kinga Marek Dorota Vojtěch "
        "Bożena Adam Natalia"
    ),
    "gr": (
        "Eleni Nikos Maria Giorgos Katerina Dimitris Sofia Kostas Anna Yannis Despina Stavros Ioanna Petros"
    ),
}
_LAST = {
    "de": (
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer "
        "Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange "
        "Schmitt Werner Krause Meier Lehmann Köhler Maier Böhm Vogt Jäger Winter Groß Steiner Huber "
        "Gruber Egger Brunner Lüthi Zürcher Keller Ammann Pfeiffer Brandt Seidel Kühn Ziegler Döring "
        "Falk Reinhardt Sommer Vogel Albrecht Busch Conrad Dietrich Engel Franke Günther Haas Herrmann "
        "Jansen Kaiser Lorenz Marx Noack Otto Paulsen Ritter Schuster Thiele Ulrich Voß Walter Zander "
        "Beck Ebert Graf Heinrich Kirchner Lindner Moser Nowotny Pichler Rauch Sauer Stark Wimmer"
    ),
    "nl": (
        "de_Jong Jansen de_Vries van_den_Berg Bakker van_Dijk Visser Smit Meijer de_Boer Mulder Bos "
        "Vos Peters Hendriks van_Leeuwen Dekker Brouwer de_Wit Dijkstra Smits de_Graaf van_der_Meer "
        "Kok Jacobs Vermeulen Claes Peeters Maes Aarts Blom Coenen Driessen van_Es Gerritsen Hermans "
        "Janssens Kramer Lambrechts Martens Nijs Willems Wouters Goossens Verhaegen van_'t_Hoff "
        "Hoekstra Postma Kuipers"
    ),
    "fr": (
        "Martin Bernard Dubois Petit Durand Leroy Moreau Simon Laurent Lefèvre Michel Garcia David "
        "Bertrand Roux Vincent Fournier Morel Girard André Mercier Dupont Lambert Bonnet François "
        "Legrand Garnier Faure Rousseau Blanc Guérin d'Aubigny L'Hermite Chevalier Perrin Clément "
        "Gauthier Besson"
    ),
    "en": (
        "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker "
        "White Roberts Green Hall Wood Jackson Clarke O'Neil O'Brien O'Connor Murphy Kelly Byrne Ryan "
        "Walsh McCarthy MacLeod Fraser Campbell Stewart Ross Hughes Price Bennett Cooper Bailey Shaw "
        "Ellis Hunt Mason Kavanagh O'Shea D'Arcy Doyle Fitzgerald Gallagher Nolan Armstrong Barker "
        "Chapman Dawson Elliott Fletcher Grant Harvey Irvine Jenkins Kerr Lawson Marshall Newman "
        "Osborne Parsons Quigley Reid Saunders Turner Underwood Vaughan Webster Yates"
    ),
    "nordic": (
        "Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Nielsen "
        "Sørensen Rasmussen Jørgensen Madsen Andersson Johansson Karlsson Eriksson Larsson Svensson "
        "Gustafsson Lindström Öberg Åkesson Bergström Korhonen Virtanen Mäkinen Nieminen Hämäläinen "
        "Laine Heikkinen Dahl Haugen Lund Strand Bjørnstad Østby"
    ),
    "es": (
        "García Fernández González Rodríguez López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz "
        "Hernández Díaz Moreno Muñoz Álvarez Romero Silva Santos Ferreira Pereira Oliveira Costa "
        "Rodrigues Almeida Nunes Sousa Ibáñez Ortega"
    ),
    "it": (
        "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti "
        "De_Luca Mancini Costa Giordano Rizzo Lombardi Moretti D'Angelo D'Amico Dell'Orto Barbieri "
        "Fontana Santoro Mariani Rinaldi Caruso Leone"
    ),
    "pl": (
        "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak "
        "Dąbrowski Kozłowski Mazur Krawczyk Piotrowski Grabowski Pawłowski Michalski Król Wieczorek "
        "Novák Svoboda Dvořák Černý Procházka Kučera Veselý Horák"
    ),
    "gr": (
        "Papadopoulos Vlachos Angelopoulos Nikolaidis Georgiou Dimitriou Karagiannis Pappas Makris "
        "Antoniou Kostas Ioannidis Christou Alexiou"
    ),
}
FIRST = {language: tuple(names.split()) for language, names in _FIRST.items()}
LAST = {
    language: tuple(name.replace("_", " ") for name in names.split()) for language, names in _LAST.items()
}

_TRADE = (
    "Studio",
    "Consulting",
    "Partners",
    "Architects",
    "Design",
    "Dental",
    "Software",
    "Logistics",
    "Legal",
    "Bakery",
    "Café",
    "Hotel",
    "Co-working",
    "Media",
    "Analytics",
    "Physio",
    "Books",
    "Interiors",
)
_FORM = {
    "de": "GmbH",
    "nl": "B.V.",
    "fr": "SARL",
    "en": "Ltd",
    "nordic": "AS",
    "es": "S.L.",
    "it": "S.r.l.",
    "pl": "Sp. z o.o.",
    "gr": "A.E.",
}


class Namer:
    """Hands out full names, repeating one only when chance insists."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._used: set[tuple[str, str]] = set()
        self._companies: set[str] = set()

    def person(self, language: str) -> tuple[str, str]:
        """A first and a last name; about one person in twelve has two last names."""
        rng = self._rng
        for _ in range(4):
            first, last = rng.choice(FIRST[language]), rng.choice(LAST[language])
            if rng.random() < 0.08:
                last = f"{last}-{rng.choice(LAST[language])}"
            if (first, last) not in self._used:
                break
        self._used.add((first, last))
        return first, last

    def company(self, language: str) -> str:
        """A company name nobody else has."""
        rng = self._rng
        while True:
            name = f"{rng.choice(LAST[language])} {rng.choice(_TRADE)} {_FORM[language]}"
            if name in self._companies:
                name = f"{rng.choice(LAST[language])} & {name}"
            if name not in self._companies:
                self._companies.add(name)
                return name
